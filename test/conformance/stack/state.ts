import type { ApiAccess } from './kubernetes';

/** What a test file needs to reach the stack; it is a file in the run's folder. */
export interface StackState {
  readonly run: string;
  readonly api: ApiAccess;
  readonly istioctl: string;
  /** File of the behaviors by image. */
  readonly behaviors: string;
  /** Seconds from the first process to an istiod that injects, by phase and in all. */
  readonly startSeconds: Record<string, number>;
}

/** Environment variable that holds the path of the {@link StackState} file. */
export const STATE_VARIABLE = 'CONFORMANCE_STATE';

/** File of the run's folder that says which program of the control plane has ended; it is not there while all live. */
export const BROKEN_STACK = 'broken-stack';
