-- What a conversation began with. Reads the view `facts`.

-- name: openings
-- Input tokens of the first answering call of a conversation, or of a task that stands in none: they were fixed before
-- any answer was given, where those of later calls hold what the model said.
create or replace temp table openings as
select
  hash(coalesce(conversation_id, task_id)) as opening,
  arg_min(input_tokens, row(begun is not null, begun, coalesce(attempt, 1), logged, at_row)) as first_input
from facts
where answers and coalesce(conversation_id, task_id) is not null
group by all
