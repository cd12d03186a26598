import { serve } from '../load/serve.js';
import { Generator } from './generator.js';
import type { Plan, Published } from './plan.js';

let generator: Generator | undefined;

serve({
  start: async (plan: Plan): Promise<void> => {
    generator = await Generator.start(plan);
  },
  received: (count: number): void => generator?.received(count),
  pause: (isPaused: boolean): void => generator?.pause(isPaused),
  events: (): number => generator?.events ?? 0,
  stop: (): Promise<Published> | undefined => generator?.stop(),
});
