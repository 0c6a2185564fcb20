import { Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { texts } from "../texts/texts.ts";

/** After this time somebody who waits wants to know for what. */
const patienceMs = 2000;

/** Says that the server is still being waited for, once that takes long. */
export function LateWords() {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    isLate && (
      <Text component="span" size="sm" c="dimmed">
        {texts.shell.late}
      </Text>
    )
  );
}
