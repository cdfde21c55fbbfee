/** A grid of rows and columns in which few fields hold something: what it shows, before it has a form. */

/** `all`: every request; `some`: some requests, or some ports; `none`: refused for a reason of its own. */
export type Mark = 'all' | 'some' | 'none';

export interface MatrixHead {
  readonly title: string;
  /** Anchor of what the report says of it. */
  readonly to: string;
  /** It is told apart from the others; why stands in the description. */
  readonly faint: boolean;
}

export interface MatrixField {
  readonly row: number;
  readonly column: number;
  readonly mark: Mark;
  /** The field in words. */
  readonly spoken: string;
  /** Anchor of the row of the table that says why. */
  readonly to: string;
}

export interface Matrix {
  readonly caption: string;
  readonly description: string;
  /** What an empty field, and each mark that there is, means. */
  readonly legend: readonly (readonly [mark: Mark | 'empty', words: string])[];
  /** Anchor of the table that says the same in words. */
  readonly alternative: string;
  readonly rows: readonly MatrixHead[];
  readonly columns: readonly MatrixHead[];
  /** By rows, and within them by columns. */
  readonly fields: readonly MatrixField[];
}
