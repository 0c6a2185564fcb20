import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { queries } from "./api/queries.ts";
import { Door } from "./door/door.tsx";
import { router } from "./router.tsx";
import { Notices } from "./shell/notices.tsx";
import { theme, variables } from "./theme/theme.ts";

/** The whole console. Nothing but the door is shown without a session. */
export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      // The page's policy lets no script write style sheets: see theme/variables-plugin.ts.
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queries}>
        <Notices />
        <Door>
          <RouterProvider router={router} />
        </Door>
      </QueryClientProvider>
    </MantineProvider>
  );
}
