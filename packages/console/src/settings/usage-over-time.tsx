import { Button, Table } from "@mantine/core";
import { Download } from "lucide-react";
import { useState } from "react";
import { sizeText } from "../library/library-file.ts";
import { texts } from "../texts/texts.ts";
import { Card } from "./card.tsx";
import { DayChart } from "./day-chart.tsx";
import styles from "./usage.module.css";
import { csvOf, refusalsByReason, refusalsOf, type UsageDay } from "./usage-days.ts";

const words = texts.settings.usage;

/** The figures of each day: as charts, as a table, and as a file. */
export function UsageOverTime({ days }: { readonly days: readonly UsageDay[] }) {
  const [isTable, setTable] = useState(false);
  const reasons = refusalsByReason(days);
  return (
    <>
      <Card
        title={words.overTime}
        action={
          <Button variant="default" size="xs" leftSection={<Download size={14} />} onClick={() => save(days)}>
            {words.csv}
          </Button>
        }
      >
        <div className={styles.charts}>
          <Charts days={days} />
        </div>
        <Button variant="subtle" size="compact-sm" mt="md" aria-expanded={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? words.hideTable : words.showTable}
        </Button>
        {isTable && <DayTable days={days} />}
      </Card>
      {reasons.length > 0 && (
        <Card title={words.refusals} help={words.refusalsHelp}>
          <Table verticalSpacing="xs" className={styles.reasons}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.reason}</Table.Th>
                <Table.Th>{words.kind}</Table.Th>
                <Table.Th ta="end">{words.requests}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {reasons.map(({ kind, reason, count }) => (
                <Table.Tr key={`${kind} ${reason}`}>
                  <Table.Td>{reason}</Table.Td>
                  <Table.Td>{texts.developers.refusals.kinds[kind]}</Table.Td>
                  <Table.Td ta="end">{number(count)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Card>
      )}
    </>
  );
}

function Charts({ days }: { readonly days: readonly UsageDay[] }) {
  const shared = { days: days.map(({ day }) => day) };
  const uploads = days.map(({ uploadCount }) => uploadCount);
  const stored = days.map(({ storedBytes }) => storedBytes);
  const delivered = days.map(({ bandwidthBytes }) => bandwidthBytes);
  const hits = days.map(({ cacheHitCount }) => cacheHitCount);
  const misses = days.map(({ cacheMissCount }) => cacheMissCount);
  const refused = days.map(refusalsOf);
  const main = "main" as const;
  return (
    <>
      <DayChart
        {...shared}
        title={words.uploads}
        series={[{ label: words.uploads, colour: main, values: uploads }]}
        total={number(sum(uploads))}
        format={number}
      />
      <DayChart
        {...shared}
        title={words.storedOver}
        series={[{ label: words.storedOver, colour: main, values: stored }]}
        total={sizeText(stored.at(-1) ?? 0)}
        totalOf={words.now}
        format={sizeText}
      />
      <DayChart
        {...shared}
        title={words.delivered}
        series={[{ label: words.delivered, colour: main, values: delivered }]}
        total={sizeText(sum(delivered))}
        format={sizeText}
      />
      <DayChart
        {...shared}
        title={words.cache}
        series={[
          { label: words.hits, colour: main, values: hits },
          { label: words.misses, colour: "other", values: misses },
        ]}
        total={words.hitRate(sum(hits), sum(misses))}
        format={number}
      />
      <DayChart
        {...shared}
        title={words.refusals}
        series={[{ label: words.refusals, colour: "bad", values: refused }]}
        total={number(sum(refused))}
        format={number}
      />
    </>
  );
}

/** The same figures for those who would rather read them, the last day first. */
function DayTable({ days }: { readonly days: readonly UsageDay[] }) {
  return (
    <section className={styles.table} aria-label={words.overTime} tabIndex={0}>
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.day}</Table.Th>
            {[words.uploads, words.storedOver, words.delivered, words.hits, words.misses, words.refusals].map(
              (name) => (
                <Table.Th key={name} ta="end">
                  {name}
                </Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {days.toReversed().map((day) => (
            <Table.Tr key={day.day}>
              <Table.Td>{day.day}</Table.Td>
              <Table.Td ta="end">{number(day.uploadCount)}</Table.Td>
              <Table.Td ta="end">{sizeText(day.storedBytes)}</Table.Td>
              <Table.Td ta="end">{sizeText(day.bandwidthBytes)}</Table.Td>
              <Table.Td ta="end">{number(day.cacheHitCount)}</Table.Td>
              <Table.Td ta="end">{number(day.cacheMissCount)}</Table.Td>
              <Table.Td ta="end">{number(refusalsOf(day))}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function save(days: readonly UsageDay[]): void {
  const url = URL.createObjectURL(new Blob([csvOf(days)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `usage-${days[0]?.day}-to-${days.at(-1)?.day}.csv`;
  link.click();
  // The browser has begun to save by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function number(value: number): string {
  return value.toLocaleString("en");
}
