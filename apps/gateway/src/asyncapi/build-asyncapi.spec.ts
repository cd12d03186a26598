import { readFile } from 'node:fs/promises';
import { topology } from '#libs/contracts';
import { Ajv } from 'ajv';
import { buildAsyncApi } from './build-asyncapi.js';

describe('the AsyncAPI document', () => {
  it('is valid by the schema of AsyncAPI 3, and its references lead somewhere', async () => {
    const document = buildAsyncApi();
    const schema = await readFile('node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json', 'utf8');
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(schema) as object);
    validate(document);
    expect(validate.errors).toBeNull();
    const references = JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g);
    expect([...references].filter(([, pointer = '']) => find(document, pointer) === undefined)).toEqual([]);
  });

  it('tells of the door for publishers, and of every queue that a message of ours comes into', () => {
    const { channels, operations } = buildAsyncApi() as Record<string, Record<string, unknown>>;
    expect(channels?.['ingest']).toMatchObject({
      bindings: { amqp: { exchange: { name: 'posthorn.ingest' } } },
    });
    const queues = topology.filter(({ message }) => /^[a-z-]+\.[a-z.-]+\.v\d+$/.test(message.type));
    expect(queues.length).toBeGreaterThan(30);
    expect(Object.keys(operations ?? {})).toEqual(['publishEvent', ...queues.map(({ name }) => name)]);
  });

  it('says what each message is that is no request', () => {
    const { messages } = (
      buildAsyncApi() as { components: { messages: Record<string, { description?: string }> } }
    ).components;
    const told = topology.filter(({ kind }) => kind !== 'request').map(({ message }) => message.type);
    const silent = told.filter((name) => messages[name] !== undefined && !messages[name].description);
    expect(silent).toEqual([]);
    expect(told.filter((name) => messages[name]?.description).length).toBeGreaterThan(10);
  });
});

function find(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);
}
