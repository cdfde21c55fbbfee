import { Yaml } from 'cdk8s';
import { YamlText } from './yaml-text';

/** Of every kind of thing that the two writers could write differently. */
const PROBE = {
  apiVersion: 'example.com/v1', kind: 'Probe', metadata: { name: 'a', labels: { 'example.com/a': 'yes', 'b': '1' } },
  spec: {
    numbers: [0, -1, 1.5, 1e21], booleans: [true, false], none: null, empty: [{}, [], ''], nested: [[{ a: [1], b: 'x: y' }], ['*', '- a', '#']],
    texts: ['2026-01-01', '1:30', '0x1', 'on', '~', '@a', 'a #b', 'a:b', 'a: b', ' a ', '"', '\'', 'é\u2028', '-', 'a-', 'one\ntwo\n', `${'long '.repeat(40)}.`],
  },
};

/**
 * Writes manifests several times as fast as cdk8s, to the same bytes. Two thirds of the time that cdk8s needs for a chart with
 * literal objects go into its YAML writer, whatever library the objects are from.
 */
export class FastYaml {
  /**
   * Lets every app of this process be written by it, as `cdk8s.Yaml` does all that is written. Call it once, before `app.synth()`. What it
   * does not know to write, it hands to the writer of cdk8s.
   *
   * Returns whether it is in use: false where this version of cdk8s writes something in another way, which then goes on by itself.
   */
  public static use(): boolean {
    if (FastYaml.original !== undefined) {
      return true;
    }
    const original = Yaml.stringify.bind(Yaml);
    const stringify = (...documents: unknown[]): string => {
      const text = new YamlText(original);
      return documents.map((document) => text.of(document)).join('---\n');
    };
    if (stringify(PROBE, undefined, PROBE.metadata) !== original(PROBE, undefined, PROBE.metadata)) {
      return false;
    }
    FastYaml.original = Yaml.stringify;
    Yaml.stringify = stringify;
    return true;
  }

  /** @internal */
  public static _leave(): void {
    Yaml.stringify = FastYaml.original ?? Yaml.stringify;
    FastYaml.original = undefined;
  }

  private static original?: typeof Yaml.stringify;

  private constructor() {}
}
