"""Names and addresses by natural-language engines: HanLP 1.x as the second opinion beside the built-in models.

Nothing here starts a Java machine unless HanLP was chosen.
"""

from sensscan.detect.nlp.hanlp import HanlpEngine
from sensscan.detect.nlp.places import NlpStatus, install_jar, nlp_status
from sensscan.detect.nlp.value_detectors import HanlpAddress, HanlpPersonName, detectors

__all__ = ["HanlpAddress", "HanlpEngine", "HanlpPersonName", "NlpStatus", "detectors", "install_jar", "nlp_status"]
