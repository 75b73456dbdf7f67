// Whether a tie is in force on a day: yes, no, or not known. The rule of docs/architecture.md.

/** @typedef {"yes" | "no" | "unknown"} Answer */

/**
 * @param {string} day
 * @param {string} precision
 * @returns {string} the last day of the imprecise period that begins on `day`
 */
export function lastDay(day, precision) {
  if (precision === "year") return `${day.slice(0, 4)}-12-31`;
  if (precision !== "month") return day;
  const end = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0));
  return end.toISOString().slice(0, 10);
}

/**
 * @param {string} day
 * @param {string} precision
 * @returns {string} the first day of the imprecise period that ends on `day`
 */
export function firstDay(day, precision) {
  if (precision === "year") return `${day.slice(0, 4)}-01-01`;
  return precision === "month" ? `${day.slice(0, 7)}-01` : day;
}

/**
 * @param {string} day
 * @param {readonly string[]} dates start, its precision, end, its precision, last day observed
 * @returns {Answer}
 */
export function inForce(day, dates) {
  const [start, startPrecision, end, endPrecision, observed] = dates;
  if ((start && day < start) || (end && day >= end)) return "no";
  if (start && day < lastDay(start, startPrecision)) return "unknown";
  if (end && day >= firstDay(end, endPrecision)) return "unknown";
  if (!end && observed && day > observed) return "unknown";
  if (!start && day !== observed) return "unknown";
  return "yes";
}

/**
 * The day on which a year is shown: its last, or the graph's own date in its last year.
 * @param {number} year
 * @param {string} graphDate
 */
export function dayOf(year, graphDate) {
  const last = `${year}-12-31`;
  return graphDate && graphDate < last ? graphDate : last;
}
