-- The facts of a call that build on its basics (basics.sql) and on those above them, each an expression over both.
-- `without_cost` is repeated in each term, since the engine then reads no column for them if it is false.

-- name: wait
-- Seconds until a successful call ended, or a call that timed out was given up. Below 0 it is unknown.
case when waited then lasted end

-- name: first_wait_cut
-- A timeout, which would have taken longer.
wait_cut and first_after is null

-- name: first_wait
-- Seconds until its first token. A call that is not streamed has no first token to be late, and a log that records no
-- first token says nothing about any.
case
  when went_well then first_after
  when wait_cut and getvariable('first_tokens')
    then coalesce(first_after, case when stream is distinct from false then lasted end)
end

-- name: token_wait
case
  when went_well and output_tokens > 1 and lasted >= first_after then (lasted - first_after) / (output_tokens - 1)
end

-- name: token_speed
case when went_well and lasted > 0 then output_tokens / lasted end

-- name: free
-- Failed before a token was read, and has no cost.
getvariable('without_cost') and no_cost and failed and tokens_read = 0

-- name: unpriced
-- Any other without a known cost.
getvariable('without_cost') and no_cost and not free

-- name: spent
-- Its cost: 0 if it is free, empty if it is unpriced.
case when free then 0 when not unpriced then cost end

-- name: spent_high
-- The most that it may have cost: what an unpriced call's tokens cost at the log's highest price.
case
  when unpriced then coalesce(
    case
      when input_tokens > 0 and output_tokens is not null
        then tokens_read * getvariable('highest_per_token')::double
    end,
    greatest(tokens_read * getvariable('highest_per_token')::double, getvariable('highest_per_call')::double),
    'infinity'::double
  )
  when free then 0
  else cost
end

-- name: ending
-- How the model stopped: refused, cut off at a limit of tokens, or complete; empty if the log does not say.
case
  when lower(finish_reason) in (
    'content_filter', 'content_filtered', 'contentfilter', 'refusal', 'safety', 'prohibited_content', 'recitation',
    'blocklist', 'spii', 'image_safety', 'guardrail_intervened', 'blocked'
  ) then 'refused'
  -- A pattern's underscore is any character; no engine beside DuckDB has its regular expressions.
  when finish_reason is null and (
    lower(error_type) like '%contentfilter%' or lower(error_type) like '%content_filter%'
    or lower(error_type) like '%contentpolicy%' or lower(error_type) like '%content_policy%'
    or lower(error_type) like '%guardrail%'
  ) then 'refused'
  when lower(finish_reason) in ('length', 'max_tokens', 'max_output_tokens', 'model_length', 'max_length', 'token_limit')
    then 'truncated'
  when finish_reason is not null and went_well then 'complete'
end

-- name: in_hour
epoch_us(begun) // 3600000000

-- name: logged
-- Its place in the order of the logs: a row that is read again keeps its first place.
coalesce(log_order, coalesce(ingest_id, 0) * 4294967296 + coalesce(line, 0))
