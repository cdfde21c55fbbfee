/**
 * Texts of the program as a document may hold them: on one line, without characters that no document can carry (control characters, halves of
 * surrogate pairs) and without those that turn the direction of a line, which would make it read as something else.
 */
export function plain(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Noncharacter_Code_Point}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');
}
