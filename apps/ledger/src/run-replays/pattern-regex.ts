/**
 * A pattern of event types as a regular expression for Postgres, to be matched with the type behind a leading dot, so
 * that every part of it begins with one. Patterns hold nothing that has a meaning there but what is replaced.
 */
export function patternRegex(pattern: string): string {
  const parts = pattern.split('.').map((part) => regexOf[part] ?? `\\.${part}`);
  return `^${parts.join('')}$`;
}

const regexOf: Readonly<Record<string, string>> = { '*': '\\.[^.]+', '#': '(\\.[^.]+)*' };
