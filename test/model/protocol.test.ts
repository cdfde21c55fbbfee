import { PROTOCOLS, Protocol, isHttp, isTls } from '../../src/model/protocol';

const names = Object.keys(PROTOCOLS) as Protocol[];
const those = (has: (name: Protocol) => boolean) => names.filter(has);

test('what follows from each protocol', () => {
  expect(names).toHaveLength(13);
  expect(those(isHttp)).toEqual(['http', 'http2', 'grpc', 'grpc-web']);
  expect(those((name) => PROTOCOLS[name].multiplexed)).toEqual(['http2', 'grpc']);
  expect(those((name) => PROTOCOLS[name].serverFirst)).toEqual(['mysql']);
  expect(those((name) => PROTOCOLS[name].transport === 'UDP')).toEqual(['udp']);
  expect(those(isTls)).toEqual(['https', 'tls']);
});
