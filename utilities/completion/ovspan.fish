# ovspan.fish -- completion of ovspan for fish(1).
#
# All that can be typed is known to 'ovspan complete'; this only asks it.  To
# lie in a folder of $fish_complete_path.
#
# SPDX-License-Identifier: Apache-2.0

function __ovspan_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] complete $words[2..-1] 2>/dev/null
end
complete -c ovspan -a '(__ovspan_complete)'
