"""Every sentence that reviewer says to a person when something is wrong comes from this tree.

Invariant: ``str(error)`` is one complete sentence that says what is wrong, where, and what to do.
Whoever catches `ReviewerError` may print it as it is; anything else that escapes is a defect.

    ReviewerError
    ├── SettingsError            a REVIEWER_* setting has a value that cannot be used
    ├── RubricError              a credential file cannot be read or does not hold together
    │   └── UnknownCredential    no credential has the given id and no file is at the given path
    ├── WeightsError             weights cannot be had or cannot be trusted
    │   ├── UnknownModel         no manifest in models/ has the given id
    │   ├── WeightsMissing       not on this machine, and pulling is not allowed (REVIEWER_OFFLINE)
    │   ├── HashMismatch         the bytes are not those that the manifest names
    │   └── SourcesExhausted     none of the sources of a file could deliver it
    ├── IntakeError              one submitted file cannot be used (the others still can)
    │   ├── EmptyFile            zero bytes
    │   ├── WrongType            the content is of no kind that reviewer reads
    │   ├── DamagedFile          truncated or corrupt: it cannot be decoded to its end
    │   ├── NoAudioTrack         a recording without any sound track
    │   ├── Encrypted            a document locked with a password
    │   ├── NoText               a scan or an empty document: nothing to read
    │   ├── UnpacksTooLarge      an office file that unpacks beyond the limit (zip bomb)
    │   ├── TooLarge             more bytes than the configured limit
    │   ├── TooLong              more minutes than the configured limit
    │   ├── UnreadableEncoding   text in no encoding that can be told
    │   ├── DuplicateFile        the same bytes as another file of the submission
    │   ├── OutsideFolder        a link that leads out of the submission's folder
    │   ├── MissingFile          submission.yaml or a link names a file that is not there
    │   └── CaptionError         a caption file breaks the WEBVTT or SRT form
    ├── SubmissionError          the package as a whole cannot be reviewed
    │   ├── ConsentMissing       submission.yaml says `consent: false`: nothing is processed
    │   └── NothingReviewed      no artifact could be read at all
    ├── ReviewError              a rating or decision that cannot be taken as it is
    │   ├── StaleView            the element was changed elsewhere since this page showed it
    │   └── NotPermitted         the person may not do this to that object
    │       └── NothingHere      the object is not there, or not for this person: never said which
    ├── AccountError             a user, role, password or token that cannot be used
    ├── CalibrationError         agreement cannot be measured, or its verdicts cannot be used
    │   ├── RatingsError         a table of ratings cannot be read or does not hold together
    │   └── PolicyError          thresholds or verdicts in a file cannot be used
    ├── FittingError             a scorer cannot be fitted, or cannot be used
    │   ├── TableError           a table of texts, ratings or talk breaks its form, in a named row
    │   ├── TooFewRatings        too few works with expert ratings are left to fit on
    │   ├── TooFewMoves          too few labelled sentences of talk to learn moves from
    │   └── FittedFolderError    the folder of a scorer or of moves is damaged, or fits other work
    ├── MaskingError             a roster of names cannot be used, so nothing is shown
    ├── TrainingError            a training set or attempt that cannot be used or begun
    ├── StoreError               the store cannot be opened, migrated or trusted
    │   ├── StoreUnusable        the database does not answer, or refuses; later it may not
    │   ├── NothingToErase       no work of the given candidate is in the store
    │   ├── TracesRemain         after an erasure, words of the work were found somewhere
    │   └── BackupError          a backup cannot be written, trusted, or put in the place asked for
    ├── JobError                 a stage of the first pass failed for good, or is held by somebody
    ├── EngineError              the scheduler that REVIEWER_ENGINE names cannot be used now
    └── OutputError              a result cannot be written where it was asked for
"""


class ReviewerError(Exception):
    """Root of the tree: raised only through its subclasses."""


class SettingsError(ReviewerError):
    """A REVIEWER_* setting has a value that cannot be used."""


class RubricError(ReviewerError):
    """A credential file cannot be read or does not hold together; names file, path and line."""


class UnknownCredential(RubricError):
    """No credential in rubrics/ has the given id, and no file is at the given path."""


class WeightsError(ReviewerError):
    """Weights cannot be had or cannot be trusted."""


class UnknownModel(WeightsError):
    """No manifest in models/ has the given id."""


class WeightsMissing(WeightsError):
    """Weights are not on this machine and REVIEWER_OFFLINE forbids pulling them."""


class HashMismatch(WeightsError):
    """A file's SHA-256 is not the one its manifest names; both hashes are in the sentence."""


class SourcesExhausted(WeightsError):
    """None of a file's sources could deliver it; each one's reason is in the sentence."""


class IntakeError(ReviewerError):
    """One submitted file cannot be used; the rest of the submission still can."""


class EmptyFile(IntakeError):
    """The file has zero bytes."""


class WrongType(IntakeError):
    """The content, whatever its name says, is of no kind that reviewer reads."""


class DamagedFile(IntakeError):
    """The file is truncated or corrupt: it cannot be decoded to its end."""


class NoAudioTrack(IntakeError):
    """A recording without any sound track."""


class Encrypted(IntakeError):
    """A document locked with a password."""


class NoText(IntakeError):
    """A document in which there is nothing to read, such as a scan without recognized text."""


class UnpacksTooLarge(IntakeError):
    """An office file that would unpack beyond the limit: a zip bomb or next to one."""


class TooLarge(IntakeError):
    """The file has more bytes than REVIEWER_MAX_FILE_MB allows."""


class TooLong(IntakeError):
    """The recording has more minutes than REVIEWER_MAX_MINUTES allows."""


class UnreadableEncoding(IntakeError):
    """A text file in no encoding that can be told with confidence."""


class DuplicateFile(IntakeError):
    """The same bytes were submitted twice; the first file counts."""


class OutsideFolder(IntakeError):
    """A link or a path that leads out of the submission's folder; it is never followed."""


class MissingFile(IntakeError):
    """submission.yaml names a file that is not in the folder, or a link leads to nothing."""


class CaptionError(IntakeError):
    """A caption file breaks the WEBVTT or SRT form; the line is in the sentence."""


class SubmissionError(ReviewerError):
    """The package as a whole cannot be reviewed."""


class ConsentMissing(SubmissionError):
    """submission.yaml says ``consent: false``: nothing of the package is processed."""


class NothingReviewed(SubmissionError):
    """No artifact of the submission could be read at all (exit status 2 of ``reviewer draft``)."""


class CalibrationError(ReviewerError):
    """Agreement cannot be measured on what was given, or its verdicts cannot be used."""


class RatingsError(CalibrationError):
    """A table of ratings cannot be read or does not hold together; its rows are named."""


class PolicyError(CalibrationError):
    """A file of thresholds or verdicts cannot be used; names the file and the key."""


class ReviewError(ReviewerError):
    """A rating, decision or note cannot be taken as it is; nothing was kept."""


class StaleView(ReviewError):
    """The element was changed in another window since this one showed it; nothing was kept."""


class NotPermitted(ReviewError):
    """The person may see the object, but not do this to it."""


class NothingHere(NotPermitted):
    """The object does not exist, or the person may not see it; which of both is never said."""


class AccountError(ReviewerError):
    """A user, role, password or token that cannot be made, found or used."""


class FittingError(ReviewerError):
    """A scorer cannot be fitted to ratings, or a fitted one cannot be used."""


class TableError(FittingError):
    """A table of texts, ratings or talk breaks its form; names file, row and column."""


class TooFewRatings(FittingError):
    """Too few works with expert ratings of every element are left to fit a scorer on."""


class TooFewMoves(FittingError):
    """Too few labelled sentences, in too few lessons, to learn anybody's talk moves from."""


class FittedFolderError(FittingError):
    """The folder of a scorer or of talk moves is absent, damaged, or of other work or weights."""


class MaskingError(ReviewerError):
    """A roster of names cannot be read or is empty; nothing is shown until it is mended."""


class TrainingError(ReviewerError):
    """A training set cannot be read, or a sitting or attempt on it cannot be had as asked."""


class StoreError(ReviewerError):
    """The store cannot be opened, migrated or trusted."""


class StoreUnusable(StoreError):
    """The database does not answer, or cannot do it now; once that is mended, it can."""


class NothingToErase(StoreError):
    """No work of the given candidate is in the store, or it was erased already."""


class TracesRemain(StoreError):
    """After an erasure, words of the work were found; the sentence says where."""


class BackupError(StoreError):
    """A backup cannot be written or trusted, or the place that it is to go to is not empty."""


class JobError(ReviewerError):
    """A stage of the first pass failed for good, or somebody holds it; the sentence says why."""


class EngineError(ReviewerError):
    """The scheduler of REVIEWER_ENGINE cannot be reached, or has no workers; the work waits."""


class OutputError(ReviewerError):
    """A result cannot be written where it was asked for; told before the work, if possible."""
