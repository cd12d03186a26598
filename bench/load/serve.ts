interface Call {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

type Methods = Readonly<Record<string, (argument: never) => unknown>>;

/** The child's side of `Child`: answers calls, and ends with its parent. */
export function serve(methods: Methods): void {
  process.on('message', (call: Call) => void answer(methods, call));
  process.on('disconnect', () => process.exit(0));
}

export function tellParent(news: string, value: number): void {
  process.send?.({ news, value });
}

async function answer(methods: Methods, { id, method, argument }: Call): Promise<void> {
  try {
    const result: unknown = await methods[method]?.(argument as never);
    if (id > 0) process.send?.({ id, result });
  } catch (error) {
    process.send?.({ id, error: (error as Error).stack });
  }
}
