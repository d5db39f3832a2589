import type { Mapping } from "../records/mapping";
import type { Field } from "./fields";

/** What the fields' names leave open in a suggested mapping, and the possible answers. */
export interface OpenQuestion {
  /** The index of the mapping that it is about, among the suggested ones. */
  mapping: number;
  asks: string;
  choices: string[];
  /** The indices of the choices that the suggestion made. */
  taken: number[];
  /** True if several choices may apply at once. */
  several?: boolean;
  /** The form of an answer that is not one of the choices. */
  other?: string;
  /**
   * The columns that an answer changes, by their expression; undefined removes one, null refuses the answer.
   *
   * @param now the columns as earlier answers left them
   */
  columns: (
    chosen: number[],
    other?: string,
    now?: Readonly<Record<string, string | undefined>>,
  ) => Record<string, string | undefined> | null;
}

/** A question before it is known which mapping it is about. */
export type Question = Omit<OpenQuestion, "mapping">;
/** The field that a column of the mapping is read from. */
export type About = (column: string) => Field | undefined;

/** Amounts in a currency other than the store's: they stay out until a person says what they are in dollars. */
export function ofCurrency({ columns }: Mapping, names: readonly string[], about: About): Question[] {
  const fields = names.flatMap((column) => {
    const field = about(column);
    return field?.currency === undefined ? [] : [{ column, name: field.name, code: field.currency }];
  });
  if (fields.length === 0) return [];
  const [{ code, column: first }] = fields;
  const of = fields.map(({ name }) => name).join(", ");
  const example = `"${first}": ${JSON.stringify(`${columns[first]} * RATE`)}`;
  return [
    {
      asks: `${of} ${fields.length === 1 ? "is" : "are"} in ${code}, and amounts here are in US dollars. How many dollars is one ${code}?`,
      choices: [
        `not known: ${fields.map(({ column }) => column).join(", ")} left out of the mapping (with a rate: ${example})`,
      ],
      taken: [0],
      other: "a number, such as 1.08 (1.0 takes the amounts for dollars)",
      columns: (_, rate, now = {}) => {
        if (rate !== undefined && !(Number(rate) > 0)) return null;
        return Object.fromEntries(
          fields.map(({ column }) => [
            column,
            rate === undefined ? undefined : `${now[column] ?? columns[column]} * ${Number(rate)}`,
          ]),
        );
      },
    },
  ];
}
