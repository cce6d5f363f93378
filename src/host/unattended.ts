/** How others start this program unattended: a line for cron, a unit for systemd. Texts only; nothing is installed. */
import { selfCommand } from "./self.ts";

/** A line that works in cron's bare environment; `schedule` is cron's own, five fields. */
export function crontabLine(
  project: string,
  environment: string | null,
  schedule: string,
): string {
  const { command, args } = selfCommand("cli", ["up", "--quiet", ...around(project, environment)]);
  const line = [command, ...args].map(shellWord).join(" ");
  // To cron a percent sign ends the line.
  return `${schedule} ${line.replaceAll("%", "\\%")}`;
}

/** A unit that stays, reloads on a hang-up and is started again where it fails. */
export function systemdUnit(project: string, environment: string | null, name: string): string {
  const { command, args } = selfCommand("cli", ["up", "--no-tui", ...around(project, environment)]);
  return [
    "[Unit]",
    `Description=nycflow keeps ${name.replaceAll("%", "%%")} up to date`,
    "After=network-online.target",
    "Wants=network-online.target",
    "",
    "[Service]",
    "Type=exec",
    `WorkingDirectory=${project.replaceAll("%", "%%")}`,
    `ExecStart=${[command, ...args].map(unitWord).join(" ")}`,
    "ExecReload=/bin/kill -HUP $MAINPID",
    "KillMode=mixed",
    "TimeoutStopSec=60",
    "SuccessExitStatus=130 143",
    "Restart=on-failure",
    "RestartSec=10",
    "",
    "[Install]",
    "WantedBy=default.target",
    "",
  ].join("\n");
}

function around(project: string, environment: string | null): readonly string[] {
  return ["-C", project, ...(environment === null ? [] : ["--env", environment])];
}

function shellWord(word: string): string {
  return /^[\w@+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function unitWord(word: string): string {
  const escaped = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[\w@+=:,./%$-]+$/.test(escaped)
    ? escaped
    : `"${escaped.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
