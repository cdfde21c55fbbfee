/** The judges that ran are the ones that are pinned. */
import { readFileSync } from 'fs';
import { claimEqual, versions } from './stack';

const MODULES = ['kubernetes', 'istio', 'flagger', 'argo-rollouts'] as const;

describe('the judges are the ones that versions.json pins', () => {
  test.each(MODULES)('%s', name => {
    const { module, version, sum } = versions()[name];
    const read = (file: string) => readFileSync(`test/conformance/modules/${name}/${file}`, 'utf8');
    const required = new RegExp(`^\\s*(?:require )?${module}\\s+(\\S+)`, 'm').exec(read('go.mod'))?.[1];
    const checksum = read('go.sum').split('\n').find(line => line.startsWith(`${module} ${version} `))?.split(' ')[2];
    claimEqual(`${name} is built from the pinned module`, `${version} ${sum}`, `${required} ${checksum}`);
  });

  test('envoy', () => {
    const { pypi, version } = versions().envoy;
    claimEqual('Envoy is the pinned wheel', `${pypi}==${version}`, readFileSync('test/conformance/modules/envoy/requirements.txt', 'utf8').split(' ')[0]);
  });
});
