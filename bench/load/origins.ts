/** An origin for each destination, as destinations have in life: Linux has all of 127.0.0.0/8 on loopback. */
export function originsOf(destinations: number, port: number): string[] {
  return Array.from({ length: destinations }, (_, index) =>
    process.platform === 'linux'
      ? `http://127.1.${Math.floor(index / 250)}.${(index % 250) + 1}:${port}`
      : `http://127.0.0.1:${port}`,
  );
}
