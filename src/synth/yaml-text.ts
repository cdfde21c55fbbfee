/**
 * One document as YAML, to the byte what cdk8s writes. Structure and usual texts are written here; a text that could need quotes is
 * asked of cdk8s's own writer, once, and a document that holds anything else is handed over whole.
 */

type Writer = (...documents: unknown[]) => string;

/** No text of this form is quoted, unless it is one of the words: `e1` is a number without digits before its exponent. */
const PLAIN = /^[A-Za-z/](?:[\w./:-]*[\w./-])?$/;
const WORD = /^(?:y|n|yes|no|on|off|true|false|null|e[+-]?\d+)$/i;
/** A colon is part of a text only before another of its letters, and texts that begin like a document or a merge key are special at times. */
const SPECIAL = /\n|\r|^(?:---|\.\.\.|<<)/;
/** From this length on, a key would stand in a line of its own. */
const LONGEST_KEY = 1000;

/** What this writer leaves to the other one. */
class Unknown extends Error {}

type Entries = Readonly<Record<string, unknown>>;

/** Remembers what it asked, from document to document. */
export class YamlText {
  /** An object that is there twice becomes an anchor and an alias. */
  private seen = new Set<object>();
  private parts: string[] = [];
  private readonly keys = new Map<string, string>();
  private readonly texts = new Map<string, string>();

  public constructor(private readonly fallback: Writer) {}

  public of(document: unknown): string {
    this.seen = new Set();
    this.parts = [];
    try {
      if (!isMap(document)) {
        return this.fallback(document);
      }
      this.map(document, Object.keys(document), '', '');
      return this.parts.join('');
    } catch (error) {
      if (error instanceof Unknown) {
        return this.fallback(document);
      }
      throw error;
    }
  }

  /** Its entries, each with a line break at its end. The first one stands behind a dash, where the map is an item of a list. */
  private map(map: Entries, keys: readonly string[], indent: string, first: string): void {
    if (keys.length === 0) {
      throw new Unknown();
    }
    let start = first;
    for (const key of keys) {
      this.parts.push(start, this.key(key));
      this.value(map[key], indent, `\n${indent}  `);
      start = indent;
    }
  }

  private list(list: readonly unknown[], indent: string, first: string): void {
    let start = first;
    for (const item of list) {
      this.parts.push(start, '-');
      this.value(item, indent, ' ');
      start = indent;
    }
  }

  /** What stands behind a colon or a dash; `first` is before the first entry of a map or list. */
  private value(value: unknown, indent: string, first: string): void {
    if (typeof value !== 'object') {
      this.parts.push(' ', this.scalar(value), '\n');
      return;
    }
    if (value === null || this.seen.has(value)) {
      throw new Unknown();
    }
    this.seen.add(value);
    if (Array.isArray(value)) {
      if (value.length === 0) {
        this.parts.push(' []\n');
      } else {
        this.list(value, `${indent}  `, first);
      }
      return;
    }
    if (!isMap(value)) {
      throw new Unknown();
    }
    const keys = Object.keys(value);
    if (keys.length === 0) {
      this.parts.push(' {}\n');
    } else {
      this.map(value, keys, `${indent}  `, first);
    }
  }

  private scalar(value: unknown): string {
    if (typeof value === 'string') {
      return isPlain(value) ? value : this.asked(this.texts, value, () => this.fallback({ a: value }).slice(3, -1));
    }
    if (typeof value === 'boolean' || (typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0))) {
      return String(value);
    }
    throw new Unknown();
  }

  private key(key: string): string {
    if (isPlain(key)) {
      return `${key}:`;
    }
    if (key.length > LONGEST_KEY) {
      throw new Unknown();
    }
    return this.asked(this.keys, key, () => this.fallback({ [key]: 0 }).slice(0, -3));
  }

  private asked(known: Map<string, string>, text: string, ask: () => string): string {
    let answer = known.get(text);
    if (answer === undefined) {
      if (SPECIAL.test(text)) {
        throw new Unknown();
      }
      answer = ask();
      known.set(text, answer);
    }
    return answer;
  }
}

function isPlain(text: string): boolean {
  return text.length < LONGEST_KEY && PLAIN.test(text) && !WORD.test(text);
}

function isMap(value: unknown): value is Entries {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
