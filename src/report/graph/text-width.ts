/**
 * How wide a line of text may become. A report does not know the reader's font, so the figures are those of DejaVu Sans, the widest of the
 * common sans-serif fonts, by classes of characters; other fonts leave some room.
 */
const CLASSES: readonly (readonly [characters: RegExp, em: number])[] = [
  [/[ijl.,:;'|! ]/, 0.33],
  [/[ftr\-/()[\]"]/, 0.42],
  [/[mwMW@%]/, 1],
  [/[A-Z×≤+=]/, 0.8],
  [/[ -~]/, 0.64],
];

const OTHERS_EM = 1;
const BOLD = 1.12;

export function textWidth(text: string, size: number, bold = false): number {
  let em = 0;
  for (const character of text) {
    em += CLASSES.find(([characters]) => characters.test(character))?.[1] ?? OTHERS_EM;
  }
  return em * size * (bold ? BOLD : 1);
}

/** The text with its middle left out where it has more characters. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) {
    return text;
  }
  const head = Math.ceil((most - 1) * 0.6);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (most - 1 - head)).join('')}`;
}
