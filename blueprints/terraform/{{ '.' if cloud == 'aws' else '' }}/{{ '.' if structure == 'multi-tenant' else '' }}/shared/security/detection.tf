# What watches the account. An organisation that enables these centrally sets enable_detection = false.
resource "aws_guardduty_detector" "this" {
  #checkov:skip=CKV2_AWS_3:The platform owns one account; enabling a whole organisation is the security account's task
  count = var.enable_detection ? 1 : 0

  enable                       = true
  finding_publishing_frequency = "FIFTEEN_MINUTES"
}

resource "aws_guardduty_detector_feature" "this" {
  for_each = var.enable_detection ? toset(["EKS_AUDIT_LOGS", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS"]) : toset([])

  detector_id = aws_guardduty_detector.this[0].id
  name        = each.value
  status      = "ENABLED"
}

# Reports resources that somebody outside the account can reach.
resource "aws_accessanalyzer_analyzer" "this" {
  count = var.enable_detection ? 1 : 0

  analyzer_name = local.name
  type          = "ACCOUNT"
}
