-- As the organiser wrote a word, for people to read; null: as it is compared.
alter table word_list add column written text constraint word_list_written_size check (char_length(written) between 1 and 200);
