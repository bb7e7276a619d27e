/**
 * A curve of nats over steps.
 *
 * @module
 */
import { openSurface, type Surface } from "./surface.ts";
import { count, fixed } from "./text.ts";

/** One line of a curve. */
export interface Line {
  readonly steps: number[];
  readonly values: number[];
}

/** A line without points. */
export function emptyLine(): Line {
  return { steps: [], values: [] };
}

/** More points than this are more than a screen can show. */
const MOST = 1500;

/** Puts a point at the end of a line; a long one loses every second point. */
export function append({ steps, values }: Line, step: number, value: number): void {
  steps.push(step);
  values.push(value);
  if (steps.length <= MOST) return;
  for (const list of [steps, values]) {
    const kept = list.filter((_, i) => i % 2 === 1);
    list.length = 0;
    list.push(...kept);
  }
}

/** What a curve shows. */
export interface Curve {
  readonly line: Line;
  /** Points beside the line, such as those of the validation data. */
  readonly points?: Line;
  /** Whether it is the one that counts. */
  readonly main: boolean;
}

/** From low to high, without the first steps, which are far away from the rest. */
function domainOf(values: readonly number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  const [low, high] = sorted.length < 12 ? [at(0), at(1)] : [at(0.06), at(0.98)];
  const room = Math.max(0.1 * (high - low), 0.02 * Math.abs(high), 0.05);
  return [low - room, high + room];
}

/** Two to four round numbers within a range. */
function ticksOf(low: number, high: number, wanted: number): number[] {
  const rough = (high - low) / wanted, power = 10 ** Math.floor(Math.log10(rough));
  const unit = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough)!;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / unit) * unit; tick <= high; tick += unit) ticks.push(tick);
  return ticks;
}

/** Running means: what a few batches say is noise, which is drawn faintly beneath. */
function smooth(values: readonly number[]): number[] {
  let mean = values[0] ?? 0;
  return values.map((value) => mean += (value - mean) * 0.35);
}

const LEFT = 40, RIGHT = 6, TOP = 6;

/** A canvas with a curve. */
export function openCurve(curve: Curve, label: string): Surface {
  return openSurface({ class: "curve", role: "img", "aria-label": label }, (
    context,
    width,
    height,
    { ink, soft, line, accent, paper },
  ) => {
    const steps = curve.line.steps;
    const bottom = height - 20, right = width - RIGHT;
    context.font = "12px system-ui, sans-serif";
    context.strokeStyle = line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(LEFT, bottom + 0.5);
    context.lineTo(right, bottom + 0.5);
    context.stroke();
    if (steps.length === 0) return;
    const last = Math.max(steps.at(-1)!, curve.points?.steps.at(-1) ?? 0, 1);
    const [low, high] = domainOf([...curve.line.values, ...curve.points?.values ?? []]);
    const x = (step: number): number => LEFT + (right - LEFT) * step / last;
    const y = (value: number): number => bottom - (bottom - TOP) * (value - low) / (high - low);
    context.fillStyle = soft;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const tick of ticksOf(low, high, Math.max(3, height / 36))) {
      const place = Math.round(y(tick)) + 0.5;
      if (place < TOP || place > bottom - 4) continue;
      context.beginPath();
      context.moveTo(LEFT, place);
      context.lineTo(right, place);
      context.stroke();
      context.fillText(fixed(tick, high - low < 4 ? 1 : 0), LEFT - 8, place);
    }
    context.textBaseline = "alphabetic";
    context.textAlign = "left";
    context.fillText("0", LEFT, height - 4);
    context.textAlign = "right";
    context.fillText(curve.main ? `step ${count(last)}` : count(last), right, height - 4);
    context.save();
    context.beginPath();
    context.rect(LEFT, 0, right - LEFT + RIGHT, bottom);
    context.clip();
    context.strokeStyle = curve.main ? accent : ink;
    context.lineWidth = curve.main ? 2 : 1.25;
    context.lineJoin = "round";
    for (
      const [values, alpha] of [[curve.line.values, 0.3], [smooth(curve.line.values), 1]] as const
    ) {
      context.globalAlpha = alpha;
      context.beginPath();
      steps.forEach((step, i) => context.lineTo(x(step), y(values[i]!)));
      context.stroke();
    }
    curve.points?.steps.forEach((step, i) => {
      context.beginPath();
      context.arc(x(step), y(curve.points!.values[i]!), 3.5, 0, 2 * Math.PI);
      context.fillStyle = paper;
      context.fill();
      context.strokeStyle = ink;
      context.lineWidth = 1.5;
      context.stroke();
    });
    context.restore();
  });
}
