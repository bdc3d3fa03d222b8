-- qa.words: the words of a language that hold a question. $5 language, $6 words.
select reply, fault, current from words_set($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text, array(select json_array_elements_text($6::json)))
