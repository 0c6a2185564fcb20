import { NativeSelect, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { sizeText } from "../library/library-file.ts";
import { ProblemState } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { Card } from "./card.tsx";
import styles from "./usage.module.css";
import { UsageOverTime } from "./usage-over-time.tsx";

const words = texts.settings.usage;
const spans = [7, 30, 89] as const;
const dayMs = 24 * 60 * 60 * 1000;

/** The account's usage of the last days. */
export function Usage() {
  const [days, setDays] = useState<number>(30);
  const query = { startDate: day(Date.now() - (days - 1) * dayMs), endDate: day(Date.now()) };
  const { data, error, refetch } = useQuery({
    queryKey: ["usage", query],
    queryFn: async ({ signal }) => {
      const [usage, analytics, daily] = await Promise.all([
        // Here the last day is not included.
        call("GET /v1/accounts/usage", { query: { ...query, endDate: day(Date.now() + dayMs) } }, signal),
        call("GET /v1/accounts/usage-analytics", { query }, signal),
        call("GET /v1/accounts/usage-daily", { query }, signal),
      ]);
      return { usage: usage.body, analytics: analytics.body, days: daily.body.days };
    },
  });
  if (error) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  const figures = data && [
    [words.stored, sizeText(data.usage.mediaLibraryStorageBytes)],
    [words.delivered, sizeText(data.usage.bandwidthBytes)],
    [words.requests, data.analytics.requestCount.toLocaleString("en")],
    [words.extensions, data.usage.extensionUnitsCount.toLocaleString("en")],
  ];
  return (
    <>
      <Card
        title={words.title}
        help={words.help}
        action={
          <NativeSelect
            aria-label={words.span}
            value={days}
            data={spans.map((value) => ({ value: String(value), label: words.days(value) }))}
            onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}
          />
        }
      >
        <div className={styles.figures}>
          {figures?.map(([label, value]) => (
            <div key={label}>
              <Text size="sm" c="dimmed">
                {label}
              </Text>
              <Text size="xl" fw={600}>
                {value}
              </Text>
            </div>
          ))}
        </div>
      </Card>
      {data && <UsageOverTime days={data.days} />}
      {data && data.analytics.requestCount > 0 && (
        <Card title={words.deliveries}>
          <Table verticalSpacing="xs" className={styles.reasons}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.type}</Table.Th>
                <Table.Th ta="end">{words.requests}</Table.Th>
                <Table.Th ta="end">{words.delivered}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.analytics.format.byRequests.map(({ name, requestCount, bandwidthBytes }) => (
                <Table.Tr key={name}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td ta="end">{requestCount.toLocaleString("en")}</Table.Td>
                  <Table.Td ta="end">{sizeText(bandwidthBytes)}</Table.Td>
                </Table.Tr>
              ))}
              {data.analytics.statusCodes
                .filter(({ name }) => Number(name) >= 400)
                .map(({ name, requestCount }) => (
                  <Table.Tr key={name}>
                    <Table.Td>{words.refused(name)}</Table.Td>
                    <Table.Td ta="end">{requestCount.toLocaleString("en")}</Table.Td>
                    <Table.Td />
                  </Table.Tr>
                ))}
            </Table.Tbody>
          </Table>
        </Card>
      )}
    </>
  );
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
