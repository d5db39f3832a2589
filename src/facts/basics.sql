-- The facts of a call that its columns tell, each an expression over a row of the table calls: what others build on is
-- bound once this way, as every statement of a measure binds the view `facts`.
-- A function of one column, such as list_contains, is computed once for each text of a dictionary instead of each row.

-- name: at_row
rowid

-- name: answers
-- An answering call: judges, simulated users and embeddings serve a task and never own it.
(role is null or role = 'answer') and operation is distinct from 'embeddings'

-- name: place
place_in_task

-- name: owner
-- The call that its task belongs to, with the task's outcome and all its costs: the first that answers.
place_in_task = 1

-- name: went_well
list_contains(['ok'], status) is distinct from false

-- name: waited
list_contains(['ok', 'timeout'], status) is distinct from false

-- name: failed
list_contains(['ok', 'timeout', 'cancelled'], status) is not distinct from false

-- name: wait_cut
status is not distinct from 'timeout'

-- name: lasted
case
  when not getvariable('odd_durations') or duration >= 0 and duration <= 'infinity'::double then duration
end

-- name: first_after
case
  when time_to_first_token >= 0 and time_to_first_token <= 'infinity'::double then time_to_first_token
end

-- name: no_cost
-- A logged cost of 0 of a call that did not fail is none, unless a response cache or a list price of 0 says why: what was
-- written before a call was given up is charged for as well. Nor is one below 0.
cost is null or cost < 0 or getvariable('zero_costs') and cost = 0 and cost_source is distinct from 'price'
  and not coalesce(cache_hit, false) and list_contains(['ok', 'timeout', 'cancelled'], status) is distinct from false

-- name: tokens_read
coalesce(input_tokens, 0) + coalesce(output_tokens, 0)

-- name: begun
case when not getvariable('odd_times') or isfinite(started_at) then started_at end

-- name: odd_status
-- A status that nothing knows: the call counts as failed.
not list_contains(['ok', 'error', 'timeout', 'rate_limited', 'cancelled'], status)

-- name: odd_wait
-- A duration that cannot be: of clocks that go back.
duration < 0 or not isfinite(duration)

-- name: odd_first
time_to_first_token < 0 or not isfinite(time_to_first_token)

-- name: late_first
time_to_first_token > duration * 1.000001 + 0.000001
