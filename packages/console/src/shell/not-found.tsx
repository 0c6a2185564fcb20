import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { texts } from "../texts/texts.ts";
import { State } from "./states.tsx";

export function NotFound() {
  return (
    <State
      title={texts.shell.notFound}
      help={texts.shell.notFoundHelp}
      picture={<SearchX size={40} strokeWidth={1.5} aria-hidden />}
    >
      <Button component={Link} to="/library/$" params={{ _splat: "" } as never}>
        {texts.shell.toLibrary}
      </Button>
    </State>
  );
}
