import { ValidateBy } from 'class-validator';
import { ToDuration } from './to.js';

const DAY = 24 * 3_600_000;

/** A duration of days or more, in milliseconds once read: a day is the least that can be dropped at once. */
export const IsRetention = (): PropertyDecorator => (target, name) => {
  ToDuration()(target, name);
  ValidateBy({
    name: 'retention',
    validator: {
      validate: (value) => typeof value === 'number' && value >= DAY && value <= 3650 * DAY,
      defaultMessage: () => '$property must be a duration of 1d to 3650d, such as 30d',
    },
  })(target, name);
};
