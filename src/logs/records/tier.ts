/** A service tier in the canonical words: empty for what every call gets, whatever the API calls it. */
export function tierSql(value: string): string {
  const word = `lower(trim(${value}))`;
  return `case when ${word} in ('batch', 'flex', 'priority') then ${word}
    when ${word} in ('batches', 'batch_api') then 'batch' end`;
}
