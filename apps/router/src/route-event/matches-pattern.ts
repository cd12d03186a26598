/**
 * RabbitMQ's topic syntax: parts joined by dots, `*` for exactly one part, `#` for any number of them, also none.
 * Takes time proportional to the product of both lengths at worst: no backtracking.
 */
export function matchesPattern(pattern: string, eventType: string): boolean {
  if (pattern === '#' || pattern === eventType) return true;
  const parts = eventType.split('.');
  // reached[n]: the pattern so far matches the first n parts.
  let reached = parts.map(() => false);
  reached.unshift(true);
  for (const token of pattern.split('.')) {
    reached = token === '#' ? afterRest(reached) : afterPart(reached, token, parts);
  }
  return reached[parts.length] ?? false;
}

function afterRest(reached: readonly boolean[]): boolean[] {
  const first = reached.indexOf(true);
  return reached.map((_, index) => first !== -1 && index >= first);
}

function afterPart(reached: readonly boolean[], token: string, parts: readonly string[]): boolean[] {
  return reached.map(
    (_, index) => index > 0 && reached[index - 1] === true && (token === '*' || token === parts[index - 1]),
  );
}
