import { isUnavailable } from './database-unavailable.error.js';

describe('what a database answers that', () => {
  it.each([
    ['the server is being shut down', { code: '57P01' }],
    ['it is starting up', { code: '57P03' }],
    ['its disk is full', { code: '53100' }],
    ['two transactions met', { code: '40001' }],
    ['nobody listens', { code: 'ECONNREFUSED' }],
    ['nobody knows its name for a moment', { code: 'ENOTFOUND' }],
    ['nobody can say who has its name', { code: 'EAI_AGAIN' }],
    ['the connection ended', new Error('Connection terminated unexpectedly')],
  ])('%s: passes by itself', (_, error) => {
    expect(isUnavailable(error)).toBe(true);
  });

  it.each([
    ['a row is there already', { code: '23505' }],
    ['there is no such table', { code: '42P01' }],
    ['the password is wrong', { code: '28P01' }],
    ['something of ours threw', new Error('not to my taste')],
  ])('%s: does not', (_, error) => {
    expect(isUnavailable(error)).toBe(false);
  });
});
