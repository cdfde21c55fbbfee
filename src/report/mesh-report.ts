import type { IJudgedMesh } from '../model/judged-mesh';
import { PROVIDER_FACTS } from '../model/provider';
import type { Document } from './tree';

/** Few programs write a report: whoever imports this package should not wait for what writes it. */
/* eslint-disable @typescript-eslint/no-require-imports */
const pages = () => require('./html/page') as typeof import('./html/page');
const documents = () => require('./markdown/document') as typeof import('./markdown/document');
const subjects = () => require('./subject') as typeof import('./subject');
const sections = () => require('./sections') as typeof import('./sections');
/* eslint-enable @typescript-eslint/no-require-imports */

/** Name and version of the JSON document. The version rises when a key is renamed or taken away, or means something else. */
const FORMAT = 'cdk8s-mesh/report';
const VERSION = 1;

/**
 * Everything that is known of a mesh before the cluster sees it: whether it pays, who calls whom, what the budgets predict, what the checks
 * found, and what is written.
 *
 * A report shows the program as it stands when it is asked for. It never fails on findings: a program whose synth is refused has a report
 * that says why. The same program gives the same bytes.
 */
export class MeshReport {
  /**
   * A report on one mesh, as it stands when the report is asked for.
   * @param mesh the mesh, whose services may be declared before or after
   */
  public constructor(private readonly mesh: IJudgedMesh) {}

  /**
   * One HTML page that needs no other file and no network: light or dark as the reader prefers, for screen readers and keyboards too, and
   * for paper. Up to 100 services are drawn as a graph, more than these by namespace.
   */
  public toHtml(): string {
    return pages().pageHtml(this.document());
  }

  /** The same in Markdown with GitHub's tables. The table of calls stands for the drawing. */
  public toMarkdown(): string {
    return documents().documentMarkdown(this.document());
  }

  /**
   * The figures behind the report as a JSON document, indented by two spaces. `format` is `cdk8s-mesh/report`, `version` is 1; keys may be
   * added under a version and are never renamed or taken away. Times are in milliseconds; `null` is a time without a limit, or
   * something that the program does not say. `docs/report.schema.json` describes every key.
   */
  public toJson(): string {
    const { subject, written } = this.write();
    const { mesh } = subject.model;
    const parts = Object.fromEntries(written.map(({ key, data }) => [key, data]));
    return `${JSON.stringify({ format: FORMAT, version: VERSION, mesh: mesh.origin, ...parts }, undefined, 2)}\n`;
  }

  private document(): Document {
    const { subject, written } = this.write();
    const { mesh } = subject.model;
    return {
      title: 'Service mesh report',
      subtitle: [{ code: mesh.origin }, ` for ${PROVIDER_FACTS[mesh.provider].label} ${mesh.providerVersion}`],
      chapters: written.map(({ key, title, blocks }) => ({ anchor: key, title, blocks })),
    };
  }

  private write() {
    const subject = new (subjects().Subject)(this.mesh._judgement());
    return { subject, written: sections().SECTIONS.map(({ key, title, write }) => ({ key, title, ...write(subject) })) };
  }
}
