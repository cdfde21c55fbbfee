/** How messages show values: all checks alike, and reports as they do. */
export { counted, labelText, listed, memory, time } from '../model/text';
