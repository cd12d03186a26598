import { ValidateBy } from 'class-validator';
import { parseHeaderTemplate } from './header-templates.js';

const isTemplate = (item: unknown): boolean =>
  typeof item === 'string' && parseHeaderTemplate(item) !== undefined;

/** Of a list of `name: value` with placeholders. */
export function EachIsHeaderTemplate(): PropertyDecorator {
  return ValidateBy({
    name: 'eachIsHeaderTemplate',
    validator: {
      validate: (value: unknown) => Array.isArray(value) && value.every(isTemplate),
      defaultMessage: () =>
        '$property must be a comma separated list of headers such as x-tenant-id: {tenantId}, none of them reserved and each placeholder known',
    },
  });
}
