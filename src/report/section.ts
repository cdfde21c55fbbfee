/** One section of a report is one file of sections/ and one line of their list. */
import type { Subject } from './subject';
import type { Block } from './tree';

/** Plain data that JSON can hold as it is: no undefined in lists, no Infinity. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };

export interface Section {
  /** Its key in the JSON document, and its anchor in the page. */
  readonly key: string;
  readonly title: string;
  readonly write: (subject: Subject) => { readonly data: Json; readonly blocks: readonly Block[] };
}

interface Parts<Data> {
  readonly key: string;
  readonly title: string;
  /** What the section knows: its part of the JSON document, and all that its blocks are made of. */
  readonly read: (subject: Subject) => Data;
  readonly blocks: (data: Data, subject: Subject) => readonly Block[];
}

export function section<Data extends object>(parts: Parts<Data>): Section {
  return {
    key: parts.key,
    title: parts.title,
    write: (subject) => {
      const data = parts.read(subject);
      return { data: data as Json, blocks: parts.blocks(data, subject) };
    },
  };
}
