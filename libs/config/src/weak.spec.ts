import { isWeak } from './weak.js';

describe('a secret', () => {
  it.each([
    '',
    'root',
    'short-8fK2Zq',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'phk_root_changeme_changeme',
    'correct-horse-password-staple',
  ])('is weak: %s', (text) => {
    expect(isWeak(text)).toBe(true);
  });

  it.each([
    'phk_root_6Zk3NqPp0uVbXc1DfGhJkLmNrStWyQzA',
    'zXv1kq+9pWm3T0hYbN5cR2sU8aE7dG4f',
    '9f86d081884c7d659a2feaa0c55ad015',
  ])('is not weak: %s', (text) => {
    expect(isWeak(text)).toBe(false);
  });
});
