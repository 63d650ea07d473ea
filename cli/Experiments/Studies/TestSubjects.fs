/// The subjects that a study's networks are evaluated on.
module Iqt.Experiments.Studies.TestSubjects

open Iqt.Diffusion
open Iqt.Training

let private ids (folder: StudyFolder) : string list =
    match StudyResults.tryRead<DataResult> folder PrepareData with
    | Some { TestSubjects = Some ids } -> ids
    | Some { Subjects = count } ->
        // An earlier version wrote only how many there were. iqt prepare adds subjects at the end.
        let dataset = PreparedDataset.Open folder.Data

        [
            for subject in
                Seq.truncate count dataset.Subjects
                |> Seq.skip (count - folder.Study.TestSubjects) -> subject.Id
        ]
    | None ->
        raise (
            DataException
                $"{folder.Result PrepareData}: is not there, the result of preparing the data was expected. Run the study again; it goes on where it stopped."
        )

/// Those that the data set ended with when the study first looked at it: with subjects that are prepared later, one network
/// would be tested on others than the next.
let prepared (folder: StudyFolder) : PreparedSubject list =
    Seq.toList ((PreparedDataset.Open folder.Data).Find(ids folder))

/// Refuses a run that was trained or validated on one of them, as one that began after the data set was prepared anew may be.
/// Throws DataException.
let checkUnseen (folder: StudyFolder) (run: RunDirectory) =
    let test = ids folder

    let isSeen (subject: RunSubject) =
        subject.Role <> SubjectRole.Test
        && subject.Role <> SubjectRole.Unused
        && List.contains subject.Id test

    match Seq.tryFind isSeen run.Subjects with
    | Some seen ->
        raise (
            DataException
                $"{run.Folder}: saw {seen.Id} in training, which is a test subject of the study; none was expected. {folder.Data} was prepared anew meanwhile: begin the study in another folder."
        )
    | None -> ()
