import 'reflect-metadata';
import type { Target } from './target.js';
import { answerTargets } from './targets/answers.js';
import { cloudEventTargets } from './targets/cloud-events.js';
import { filterTargets } from './targets/filters.js';
import { inputTargets } from './targets/inputs.js';
import { jsonTargets } from './targets/json.js';
import { messageTargets } from './targets/messages.js';
import { schemaTargets } from './targets/schemas.js';
import { textTargets } from './targets/texts.js';

/** Every parser of bytes that strangers write. */
export const targets: readonly Target[] = [
  ...jsonTargets,
  ...cloudEventTargets,
  ...filterTargets,
  ...schemaTargets,
  ...messageTargets,
  ...textTargets,
  ...inputTargets,
  ...answerTargets,
];
