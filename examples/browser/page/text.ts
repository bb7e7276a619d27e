/**
 * Numbers as they are read.
 *
 * @module
 */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A count, with commas. */
export function count(value: number): string {
  return whole.format(value);
}

/** A number with so many places behind the point, and a real minus. */
export function fixed(value: number, places: number): string {
  return value.toFixed(places).replace("-", "−");
}

/** Nats: two places for small values, one for large ones. */
export function nats(value: number): string {
  return fixed(value, Math.abs(value) < 10 ? 2 : 1);
}

/** A quantity of a table with four digits. */
export function quantity(value: number): string {
  if (Number.isNaN(value)) return "missing";
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)) {
    return value.toExponential(2).replaceAll("-", "−");
  }
  return String(Number(value.toPrecision(4))).replace("-", "−");
}
