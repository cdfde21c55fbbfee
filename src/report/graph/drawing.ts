/** What a drawing of calls shows, before anything has a place. */
import type { Tone } from '../tree';

export interface DrawnNode {
  readonly id: string;
  readonly name: string;
  /** Small lines below the name. */
  readonly details: readonly string[];
  readonly shape: 'service' | 'external' | 'namespace';
  /** Requests from outside arrive here. */
  readonly entry: boolean;
  readonly badges: readonly { readonly tone: Tone; readonly count: number }[];
  /** Anchor of what the report says of it. */
  readonly to?: string;
  /** The same in words, for those who hear it. */
  readonly spoken: string;
}

export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  /** What is out of the ordinary, in short lines; most calls have none. */
  readonly label: readonly string[];
  /** `retry`: it may be repeated. `over`: it lies on a path above the budget. */
  readonly weight: 'plain' | 'retry' | 'over';
}

export interface CallDrawing {
  readonly title: string;
  readonly description: string;
  /** Anchor of the table that says the same in words. */
  readonly alternative: string;
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}
