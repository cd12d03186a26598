const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const longDay = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const month = `(?<month>${months.join('|')})`;
const time = String.raw`(?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})`;

/** RFC 9110, section 5.6.7: IMF-fixdate, and the obsolete forms of RFC 850 and of asctime. */
const forms = [
  new RegExp(String.raw`^${day}, (?<day>\d{2}) ${month} (?<year>\d{4}) ${time} GMT$`),
  new RegExp(String.raw`^${longDay}, (?<day>\d{2})-${month}-(?<year>\d{2}) ${time} GMT$`),
  new RegExp(String.raw`^${day} ${month} (?<day>[ \d]\d) ${time} (?<year>\d{4})$`),
];

const yearsAhead = 50;

/**
 * A date of HTTP, which is UTC in each of its three forms.
 * @returns milliseconds since 1970; undefined for anything else, a day or an hour that does not exist included.
 */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  const parts = forms.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (parts === undefined) return undefined;
  const part = (name: string): number => Number(parts[name]);
  const date = new Date(0);
  date.setUTCFullYear(yearOf(parts['year'] ?? '', nowMs), months.indexOf(parts['month'] ?? ''), part('day'));
  const isDay = date.getUTCDate() === part('day');
  // 60 is a leap second.
  if (!isDay || part('hour') > 23 || part('minute') > 59 || part('second') > 60) return undefined;
  return date.setUTCHours(part('hour'), part('minute'), part('second'));
}

/** Two digits that would be more than 50 years ahead are of the century before. */
function yearOf(digits: string, nowMs: number): number {
  if (digits.length === 4) return Number(digits);
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(digits);
  return year > thisYear + yearsAhead ? year - 100 : year;
}
