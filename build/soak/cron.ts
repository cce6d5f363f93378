// Debian's cron, as it is installed, drives the program every minute with the line that `nycflow crontab` prints: its
// own daemon, in a mount namespace of its own, so that the machine's crontabs and mail stay as they are. An asset that
// takes ninety seconds comes due each minute: no overlap, nothing printed and no mail while all is well. Then one that
// fails joins it: exit code 1 once, and one mail that says what, where and what next. Needs Linux, root, `cron` and
// `unshare`; says so where they are missing.

import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";

export interface CronOptions {
  /** The program, as it is started. */
  readonly program: readonly string[];
  /** An empty folder. */
  readonly folder: string;
  /** How long all is well. */
  readonly minutes: number;
  readonly say: (line: string) => void;
}

/** Takes ninety seconds; a second one beside it would not get its folder, and say so. */
const SLOW = `import { appendFileSync, mkdirSync, rmdirSync } from "node:fs";
import { asset } from "nycflow";

export const slow = asset({
  schedule: "* * * * *",
  run: async () => {
    mkdirSync("running");
    await new Promise((resolve) => setTimeout(resolve, 90_000));
    rmdirSync("running");
    appendFileSync("done", "x");
    return [{ made: Date.now() }];
  },
});
`;

const BROKEN = `import { asset } from "nycflow";

export const broken = asset({ run: () => { throw new Error("the API is down"); } });
`;

/** Gives what went wrong; null where it cannot be tried here. */
export async function underCron(options: CronOptions): Promise<readonly string[] | null> {
  const missing = whatIsMissing();
  if (missing !== null) {
    options.say(`left out: ${missing}`);
    return null;
  }
  const { folder, say, minutes } = options;
  const project = join(folder, "a project");
  const jobs = join(folder, "jobs"), mails = join(folder, "mails");
  for (const each of [join(project, "assets"), jobs, mails]) mkdirSync(each, { recursive: true });
  writeFileSync(join(project, "assets", "slow.ts"), SLOW);
  const line = printedLine(options.program, project);
  const began = Date.now();
  const daemon = startCron(folder, line);
  const wrong: string[] = [];
  try {
    for (let minute = 1; minute <= minutes; minute++) {
      await pause(began + minute * 60_000 - Date.now());
      say(`minute ${minute} of ${minutes}: ${jobsIn(jobs).length} started by cron`);
    }
    const well = jobsIn(jobs);
    wrong.push(...faultsWhileWell(well, filesIn(mails), project, minutes));
    writeFileSync(join(project, "assets", "broken.ts"), BROKEN);
    say("an asset that fails joins it");
    // Two of its minutes at the most: after that its cool-down is over, and it is tried and told again.
    await pause(100_000);
    const later = jobsIn(jobs).filter(({ name }) => !well.some((each) => each.name === name));
    wrong.push(...faultsOfFailure(later, filesIn(mails)));
  } finally {
    daemon.end();
    await daemon.ended;
    await letEnd(project);
  }
  const jobsOfAll = jobsIn(jobs);
  say(
    `${jobsOfAll.length} started by cron, ${filesIn(mails).length} mails, ${wrong.length} faults`,
  );
  return wrong;
}

interface Job {
  readonly name: string;
  /** Null while it runs. */
  readonly code: number | null;
  readonly said: string;
  /** The environment that cron gave it. */
  readonly env: string;
}

function faultsWhileWell(
  jobs: readonly Job[],
  mails: readonly string[],
  project: string,
  minutes: number,
): readonly string[] {
  const wrong: string[] = [];
  if (jobs.length < minutes - 1) wrong.push(`cron started ${jobs.length} in ${minutes} minutes`);
  for (const { name, code, said, env } of jobs) {
    if (code !== null && code !== 0) wrong.push(`${name} ended with ${code} while all was well`);
    if (said !== "") wrong.push(`${name} said while all was well: ${said}`);
    if (!/^PATH=\/usr\/bin:\/bin$/m.test(env)) wrong.push(`${name} had more than cron gives`);
  }
  if (mails.length > 0) wrong.push(`${mails.length} mails while all was well: ${mails[0]}`);
  const done = existsSync(join(project, "done"))
    ? readFileSync(join(project, "done"), "utf8").length
    : 0;
  // Ninety seconds each, begun at whole minutes: every second minute.
  const least = Math.floor((minutes - 1) / 2);
  if (done < least) wrong.push(`slow was made ${done} times, expected ${least} at the least`);
  return wrong;
}

function faultsOfFailure(jobs: readonly Job[], mails: readonly string[]): readonly string[] {
  const wrong: string[] = [];
  const failed = jobs.filter(({ code }) => code !== null && code !== 0);
  if (failed.length !== 1 || failed[0]?.code !== 1) {
    const codes = jobs.map(({ code }) => code).join(", ");
    wrong.push(`expected one exit with 1 after an asset began to fail; found ${codes}`);
  }
  const text = failed[0]?.said ?? "";
  for (const part of [/broken/, /the API is down/, /assets\/broken\.ts/]) {
    if (!part.test(text)) wrong.push(`the failure does not say ${part}: ${text}`);
  }
  if (text.split("\n").length > 25) wrong.push(`the failure takes more than a look: ${text}`);
  const others = jobs.filter((job) => job !== failed[0] && job.said !== "");
  for (const { name, said } of others) wrong.push(`${name} said, though nothing was new: ${said}`);
  if (mails.length !== 1) wrong.push(`expected one mail, found ${mails.length}`);
  else if (!(mails[0] ?? "").includes(text.trim())) wrong.push(`the mail is not what was said`);
  return wrong;
}

function whatIsMissing(): string | null {
  if (process.platform !== "linux") return "it needs Linux";
  if (process.getuid?.() !== 0) return "it needs root, for a daemon of its own";
  if (!existsSync("/usr/sbin/cron")) return "cron is not installed (apt-get install cron)";
  if (!existsSync("/usr/sbin/sendmail")) return "nothing takes cron's mail (/usr/sbin/sendmail)";
  const own = spawnSync("unshare", ["-m", "true"]);
  return own.status === 0 ? null : "this machine allows no mount namespace";
}

/** What a person would put into his crontab. */
function printedLine(program: readonly string[], project: string): string {
  const [file = "", ...args] = program;
  const said = spawnSync(file, [...args, "crontab", "* * * * *", "-C", project], {
    encoding: "utf8",
  });
  if (said.status !== 0) throw new Error(`crontab ended with ${said.status}: ${said.stderr}`);
  return said.stdout.trim();
}

/**
 * The daemon with this one line. Cron runs it by a shell that notes the environment, what is said and the exit code;
 * its mail goes into a file each.
 */
function startCron(folder: string, line: string) {
  const shell = join(folder, "shell"), mailer = join(folder, "mailer");
  writeFileSync(
    shell,
    `#!/bin/sh
job=$(mktemp '${folder}/jobs/job-XXXXXX')
env > "$job.env"
/bin/sh "$@" > "$job.said" 2>&1
code=$?
cat "$job.said"
echo $code > "$job.code"
exit $code
`,
    { mode: 0o755 },
  );
  writeFileSync(mailer, `#!/bin/sh\ncat > "$(mktemp '${folder}/mails/mail-XXXXXX')"\n`, {
    mode: 0o755,
  });
  writeFileSync(join(folder, "crontab"), `SHELL=${shell}\nMAILTO=root\n${line}\n`);
  const script = [
    "set -e",
    "mount -t tmpfs none /var/spool/cron/crontabs",
    "mount -t tmpfs none /run",
    "mount -t tmpfs none /etc/cron.d",
    "[ ! -e /etc/crontab ] || mount --bind /dev/null /etc/crontab",
    'mount --bind "$1/mailer" "$(readlink -f /usr/sbin/sendmail)"',
    'cp "$1/crontab" /var/spool/cron/crontabs/root',
    "chmod 600 /var/spool/cron/crontabs/root",
    "exec /usr/sbin/cron -f",
  ].join("\n");
  const child = spawn("unshare", ["-m", "/bin/sh", "-c", script, "sh", folder], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
  });
  child.stderr.on("data", (part) => appendFileSync(join(folder, "cron.log"), part));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return { end: () => void child.kill("SIGTERM"), ended };
}

/** What still runs is left to end by itself: cron does not end its jobs either. */
async function letEnd(project: string): Promise<void> {
  for (let second = 0; second < 100 && existsSync(join(project, "running")); second++) {
    await pause(1000);
  }
  await pause(2000);
}

function jobsIn(folder: string): readonly Job[] {
  const text = (name: string) => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  };
  return readdirSync(folder).filter((name) => !name.includes(".")).map((name) => {
    const code = text(`${name}.code`).trim();
    return {
      name,
      code: code === "" ? null : Number(code),
      said: text(`${name}.said`),
      env: text(`${name}.env`),
    };
  });
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
}
