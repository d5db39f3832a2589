-- How long a conversation was at its start. Reads the view `facts`.

-- name: openings
-- Input tokens of the first answering call of a conversation, or of a task without one, and the model that counted them:
-- they were fixed before any answer was given, while those of later calls include what the model said.
create or replace temp table openings as
select
  hash(coalesce(conversation_id, task_id)) as opening,
  arg_min(input_tokens, row(begun is not null, begun, coalesce(attempt, 1), logged, at_row)) as first_input,
  arg_min(coalesce(model, ''), row(begun is not null, begun, coalesce(attempt, 1), logged, at_row))
    filter (input_tokens is not null) as first_model
from facts
where answers and coalesce(conversation_id, task_id) is not null
group by all
