/**
 * What each shell is told: to ask `nycflow complete -- WORDS…` and show the lines that it writes, a value and, behind
 * a tab, what it is; a line `:file` or `:dir` wants the shell's own completion of paths. Nothing else is needed: no
 * completion package, no second file.
 */

/** The shells that are known. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
export type Shell = (typeof SHELLS)[number];

/** How the script is put to use, by shell; shown with it. */
export const INSTALL: Readonly<Record<Shell, string>> = {
  bash: 'eval "$(nycflow completions bash)"                 # in ~/.bashrc',
  zsh: 'eval "$(nycflow completions zsh)"                  # in ~/.zshrc, after compinit',
  fish: "nycflow completions fish > ~/.config/fish/completions/nycflow.fish",
  powershell: "nycflow completions powershell | Out-String | Invoke-Expression   # in $PROFILE",
};

/** The script for a shell. */
export function completionScript(shell: Shell): string {
  return `${SCRIPTS[shell].trim()}\n`;
}

// The line is split here and not by bash, which parts words at : and = as well; what stands before the last of these
// in the word is then not the shell's to replace.
const BASH = String.raw`
# bash completion for nycflow; put into ~/.bashrc:  ${INSTALL.bash}
_nycflow_complete() {
  local line="\${COMP_LINE:0:\$COMP_POINT}" word words candidate prefix paths=""
  read -ra words <<< "\$line"
  word="\${line##*[[:space:]]}"
  [[ -z "\$word" ]] && words+=("")
  prefix=""
  if [[ "\$word" == *[:=]* && "\$COMP_WORDBREAKS" == *[:=]* ]]; then
    prefix="\${word%"\${word##*[:=]}"}"
  fi
  COMPREPLY=()
  while IFS=$'\t' read -r candidate _; do
    case "\$candidate" in
      :file) paths=file ;;
      :dir) paths=dir ;;
      ?*) COMPREPLY+=("\${candidate#"\$prefix"}") ;;
    esac
  done < <("\${words[0]/#\~/\$HOME}" complete -- "\${words[@]:1}" 2>/dev/null)
  if [[ -n "\$paths" ]]; then
    local own="\${word#"\$prefix"}"
    if [[ "\$paths" == dir ]]; then COMPREPLY=(\$(compgen -d -- "\$own"))
    else COMPREPLY=(\$(compgen -f -- "\$own")); fi
    compopt -o filenames 2>/dev/null
  elif [[ \${#COMPREPLY[@]} -eq 1 && "\${COMPREPLY[0]}" == *[:=\(] ]]; then
    compopt -o nospace 2>/dev/null
  fi
}
complete -F _nycflow_complete nycflow
`;

const ZSH = String.raw`
#compdef nycflow
# zsh completion for nycflow; put into ~/.zshrc, after compinit:  ${INSTALL.zsh}
_nycflow() {
  local line value about paths=""
  local -a values open shown
  while IFS=$'\t' read -r value about; do
    case "\$value" in
      :file) paths=file ;;
      :dir) paths=dir ;;
      ?*)
        values+=("\$value")
        shown+=("\${value}\${about:+  -- \$about}") ;;
    esac
  done < <("\${words[1]/#\~/\$HOME}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if [[ "\$paths" == dir ]]; then _files -/; return; fi
  if [[ "\$paths" == file ]]; then _files; return; fi
  if (( \${#values} == 1 )) && [[ "\${values[1]}" == *[:=\(] ]]; then
    compadd -S '' -Q -- "\${values[@]}"
  else
    compadd -l -d shown -- "\${values[@]}"
  fi
}
if [[ "\$funcstack[1]" == "_nycflow" ]]; then _nycflow "\$@"; else compdef _nycflow nycflow; fi
`;

const FISH = String.raw`
# fish completion for nycflow; keep it with:
#   ${INSTALL.fish}
function __nycflow_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    test -z "\$typed"; and set typed ""
    for line in (\$words[1] complete -- \$words[2..-1] "\$typed" 2>/dev/null)
        switch \$line
            case ":file"
                __fish_complete_path "\$typed"
            case ":dir"
                __fish_complete_directories "\$typed"
            case "*"
                echo \$line
        end
    end
end
complete -c nycflow -f -a "(__nycflow_complete)"
`;

const POWERSHELL = String.raw`
# PowerShell completion for nycflow; put into $PROFILE:
#   ${INSTALL.powershell}
Register-ArgumentCompleter -Native -CommandName nycflow -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text } | Select-Object -Skip 1)
    if ($wordToComplete -eq '') { $words += '""' }
    & $commandAst.CommandElements[0].Extent.Text complete -- @words 2>$null | ForEach-Object {
        $value, $about = $_ -split "\t", 2
        if ($value -notmatch '^:(file|dir)$') {
            if (-not $about) { $about = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
        }
    }
}
`;

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: unescaped(BASH),
  zsh: unescaped(ZSH),
  fish: unescaped(FISH),
  powershell: POWERSHELL,
};

/** `\$` keeps the shells' own `$` apart from ours. */
function unescaped(text: string): string {
  return text.replaceAll("\\$", "$");
}
