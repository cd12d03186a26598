import { keyIdOf, newKeyText } from './key-text.js';

describe('the text of an API key', () => {
  it('names its key', () => {
    const { keyId, text } = newKeyText();
    expect(text).toMatch(/^phk_[0-9A-Z]{26}_[0-9A-Za-z]{38}$/);
    expect(keyIdOf(text)).toBe(keyId);
  });

  it('is no key once any one character is another, or two have changed places', () => {
    const { text } = newKeyText();
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === '7' ? '8' : '7';
      expect(keyIdOf(text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined();
      if (text[at] === text[at + 1] || at + 1 === text.length) continue;
      const swapped = text.slice(0, at) + text[at + 1]! + text[at]! + text.slice(at + 2);
      expect(keyIdOf(swapped)).toBeUndefined();
    }
  });

  it.each(['', 'phk_', 'phk_root_abcdefghijklmnopqrstuvwxyz012345'])('is not just any text: %s', (text) => {
    expect(keyIdOf(text)).toBeUndefined();
  });

  it('shows nothing of its secret when it is masked', () => {
    const { text, masked } = newKeyText();
    const [start, end] = masked.split('…') as [string, string];
    expect(text.startsWith(start) && text.endsWith(end)).toBe(true);
    expect([start.length, end.length]).toEqual(['phk__'.length + 26, 4]);
  });
});
