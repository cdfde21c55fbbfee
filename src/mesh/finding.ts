/** What a user reads of a finding; the model defines it, since checks may import nothing else. */
export { FindingCode, Severity } from '../model/finding';
export type { Finding, SuppressedFinding } from '../model/finding';
