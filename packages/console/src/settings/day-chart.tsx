import { useState } from "react";
import { shortDayText } from "../shell/time-text.ts";
import { texts } from "../texts/texts.ts";
import styles from "./day-chart.module.css";

/** A part of each bar, from the bottom up. */
interface Series {
  readonly label: string;
  readonly colour: "main" | "other" | "bad";
  readonly values: readonly number[];
}

interface DayChartProps {
  readonly title: string;
  readonly days: readonly string[];
  readonly series: readonly Series[];
  /** The figure of all days, or of the last one. */
  readonly total: string;
  readonly totalOf?: string;
  readonly format: (value: number) => string;
}

const height = 100;
/** The part of a day's width that its bar takes. */
const barWidth = 0.8;
/** The least height of a bar that isn't empty. */
const leastBar = 1.5;

/**
 * Bars, one for each day. The figures stand in the table below the charts as well, so the drawing itself is one picture to
 * those who can't see it.
 */
export function DayChart({ title, days, series, total, totalOf = texts.settings.usage.inAll, format }: DayChartProps) {
  const [at, setAt] = useState<number>();
  const sums = days.map((_, day) => series.reduce((sum, { values }) => sum + (values[day] ?? 0), 0));
  const most = Math.max(...sums, 1);
  const day = at === undefined ? undefined : days[at];
  const [firstDay, lastDay] = [days[0], days.at(-1)];
  const shown =
    at === undefined ? total : series.map(({ label, values }) => partText(label, values[at] ?? 0)).join(" · ");

  function partText(label: string, value: number): string {
    return series.length === 1 ? format(value) : `${label} ${format(value)}`;
  }

  return (
    <figure className={styles.chart}>
      <figcaption className={styles.caption}>
        <span className={styles.title}>{title}</span>
        <span className={styles.figure}>{shown}</span>
        <span className={styles.day}>{day === undefined ? totalOf : shortDayText(day)}</span>
      </figcaption>
      <svg
        className={styles.bars}
        viewBox={`0 0 ${days.length} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${total}`}
        onPointerMove={({ currentTarget, clientX }) => {
          const { left, width } = currentTarget.getBoundingClientRect();
          setAt(Math.min(days.length - 1, Math.max(0, Math.floor(((clientX - left) / width) * days.length))));
        }}
        onPointerLeave={() => setAt(undefined)}
      >
        {days.map((name, index) => {
          let top = height;
          return (
            <g key={name} className={index === at ? styles.at : undefined}>
              {series.map(({ label, colour, values }) => {
                const value = values[index] ?? 0;
                const tall = value === 0 ? 0 : Math.max(leastBar, (value / most) * height);
                top -= tall;
                return (
                  <rect
                    key={label}
                    className={styles[colour]}
                    x={index + (1 - barWidth) / 2}
                    y={top}
                    width={barWidth}
                    height={tall}
                  />
                );
              })}
            </g>
          );
        })}
      </svg>
      <div className={styles.axis} aria-hidden>
        <span>{firstDay && shortDayText(firstDay)}</span>
        <span>{lastDay && shortDayText(lastDay)}</span>
      </div>
      {series.length > 1 && (
        <div className={styles.legend} aria-hidden>
          {series.map(({ label, colour }) => (
            <span key={label} className={styles.key}>
              <svg className={styles.swatch} viewBox="0 0 1 1">
                <rect className={styles[colour]} width="1" height="1" />
              </svg>
              {label}
            </span>
          ))}
        </div>
      )}
    </figure>
  );
}
