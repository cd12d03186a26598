import { pausesOf } from './pauses-of.js';

const destinationId = 'dst_1';

describe('an endpoint that has too much to do', () => {
  it.each([429, 502, 503, 504])('and answers %i gets nothing that waits for a second', (statusCode) => {
    expect(pausesOf([{ destinationId, statusCode }])).toEqual([{ destinationId, pauseMs: 1000 }]);
  });

  it('gets nothing for as long as it asks, within half a minute', () => {
    const asking = (retryAfterS: number) => pausesOf([{ destinationId, statusCode: 429, retryAfterS }])[0];
    expect(asking(7)).toMatchObject({ pauseMs: 7000 });
    expect(asking(3600)).toMatchObject({ pauseMs: 30_000 });
  });
});

it.each([200, 400, 404, 410, 500, undefined])('an answer of %s pauses nothing', (statusCode) => {
  expect(pausesOf([statusCode === undefined ? { destinationId } : { destinationId, statusCode }])).toEqual(
    [],
  );
});
