import { Counter, Gauge, Histogram } from 'prom-client';

export interface Described<Label extends string> {
  /** By OpenTelemetry's semantic conventions where they have it, else `posthorn_…`; the unit is its last part. */
  readonly name: string;
  /** For the reference: what it counts or measures, in a sentence. */
  readonly help: string;
  /** Each with values that can be listed: never a tenant, an id, an address. */
  readonly labels?: readonly Label[];
}

type Values<Label extends string> = Readonly<Record<Label, string>>;

/** @param from what is shown as 0 before it happens for the first time, so that its first time is seen as a rise. */
export function counter<Label extends string = never>(
  { name, help, labels = [] }: Described<Label>,
  from: readonly Values<Label>[] = [],
): Counter<Label> {
  const made = new Counter({ name, help, labelNames: labels });
  for (const values of from) made.inc(values, 0);
  return made;
}

export function histogram<Label extends string = never>(
  { name, help, labels = [] }: Described<Label>,
  buckets: readonly number[],
): Histogram<Label> {
  return new Histogram({ name, help, labelNames: labels, buckets: [...buckets] });
}

export function gauge<Label extends string = never>({
  name,
  help,
  labels = [],
}: Described<Label>): Gauge<Label> {
  return new Gauge({ name, help, labelNames: labels });
}
