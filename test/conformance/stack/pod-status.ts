import { FABRIC_ADDRESS } from './fabric';
import type { KubeObject } from './kubernetes';

/** Why a container waits whose pod cannot start; nothing starts it again. */
export const POD_FAILED = 'Failed';

/** How far a pod has come. */
export type PodStage =
  | { readonly is: 'starting' | 'ready' }
  | { readonly is: 'failed'; readonly message: string }
  /** Its application has ended; `proxyRuns`: it has a proxy that does not end with it. */
  | { readonly is: 'done'; readonly exitCode: number; readonly proxyRuns: boolean };

/** The status that a kubelet writes. */
export function podStatus(pod: KubeObject, address: string, stage: PodStage): KubeObject {
  const ready = stage.is === 'ready';
  const message = stage.is === 'failed' ? stage.message : undefined;
  const condition = (type: string, status: boolean) => ({ type, status: status ? 'True' : 'False', lastTransitionTime: now(), message });
  const statuses = (containers: KubeObject[] = []) => containers.map(container => ({
    name: container.name, image: container.image, imageID: container.image, ready, started: ready, restartCount: 0,
    state: stateOf(pod, container, stage),
  }));
  return {
    phase: phaseOf(stage), hostIP: FABRIC_ADDRESS, podIP: address, podIPs: [{ ip: address }], startTime: now(),
    conditions: [
      condition('PodScheduled', true), condition('Initialized', true), condition('ContainersReady', ready), condition('Ready', ready),
    ],
    containerStatuses: statuses(pod.spec.containers),
    initContainerStatuses: statuses(pod.spec.initContainers),
  };
}

function phaseOf(stage: PodStage): string {
  if (stage.is === 'done') {
    return stage.proxyRuns ? 'Running' : stage.exitCode === 0 ? 'Succeeded' : 'Failed';
  }
  return stage.is === 'ready' ? 'Running' : 'Pending';
}

function stateOf(pod: KubeObject, container: KubeObject, stage: PodStage): KubeObject {
  if (stage.is === 'failed') {
    return { waiting: { reason: POD_FAILED, message: stage.message } };
  }
  if (stage.is !== 'starting' && isInit(pod, container)) {
    return { terminated: { exitCode: 0, reason: 'Completed', startedAt: now(), finishedAt: now() } };
  }
  if (stage.is === 'done' && !(stage.proxyRuns && isProxy(container))) {
    const exitCode = isProxy(container) ? 0 : stage.exitCode;
    return { terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: now(), finishedAt: now() } };
  }
  return { running: { startedAt: now() } };
}

/** Whether a container has done its work before the others start; one that is started again is a sidecar. */
function isInit({ spec }: KubeObject, { name }: KubeObject): boolean {
  return (spec.initContainers ?? []).some((one: KubeObject) => one.name === name && one.restartPolicy !== 'Always');
}

/** Whether a container is Istio's proxy image, which the harness runs for real; every other one is the generic application. */
export function isProxy(container: KubeObject): boolean {
  return /(^|\/)proxyv2(:|$)/.test(container.image);
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}
