import { sentBy } from './senders.js';
import { topology } from './topology.js';

const apps = [...new Set(topology.map(({ name }) => name.slice(0, name.indexOf('.'))))];

it('every message that somebody hears is said by somebody', () => {
  const said = new Set(apps.flatMap(sentBy));
  const heard = topology.filter(({ message }) => ['json', 'headers'].includes(message.encoding));
  expect(heard.filter(({ message }) => !said.has(message)).map(({ name }) => name)).toEqual([]);
});

it('what is said is heard', () => {
  const heard = new Set(topology.map(({ message }) => message));
  const unheard = apps.flatMap(sentBy).filter((message) => !heard.has(message));
  expect(unheard.map(({ type }) => type)).toEqual([]);
});
