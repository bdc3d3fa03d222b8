-- One piece of work that is due; more: there was one, so there may be another.
select due_run() as more
