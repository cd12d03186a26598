import { ByteAllowances } from './byte-allowances.js';

const allowances = () => new ByteAllowances({ burstBytes: 1000, bytesPerSecond: 100 });

describe('what may be published for a tenant', () => {
  it('is a burst, and what follows goes at its pace', () => {
    const bytes = allowances();
    expect(bytes.grant('a', 100, 50, 0)).toBe(10);
    expect(bytes.grant('a', 100, 50, 0)).toBe(0);
    expect(bytes.grant('a', 100, 50, 3000)).toBe(3);
    expect(bytes.grant('a', 100, 50, 3500)).toBe(0);
    expect(bytes.grant('a', 100, 50, 60_000)).toBe(10);
  });

  it('takes nothing from another tenant', () => {
    const bytes = allowances();
    bytes.grant('a', 100, 50, 0);
    expect(bytes.grant('b', 100, 50, 0)).toBe(10);
  });

  it('is one message that is larger than the burst, where nothing else was published', () => {
    const bytes = allowances();
    expect(bytes.grant('a', 5000, 3, 0)).toBe(1);
    expect(bytes.grant('a', 5000, 3, 49_000)).toBe(0);
    expect(bytes.grant('a', 5000, 3, 51_000)).toBe(1);
  });

  it('comes back after a time that can be told', () => {
    const bytes = allowances();
    expect(bytes.waitMs('a', 1000, 0)).toBe(0);
    bytes.grant('a', 100, 10, 0);
    expect(bytes.waitMs('a', 300, 0)).toBe(3000);
    expect(bytes.waitMs('a', 300, 1000)).toBe(2000);
  });
});
