mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "111122223333"
    }
  }

  mock_data "aws_partition" {
    defaults = {
      partition = "aws"
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  mock_resource "aws_kms_key" {
    defaults = {
      arn    = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
      key_id = "00000000-0000-0000-0000-000000000000"
    }
  }
}

variables {
  name   = "acme-dev"
  region = "eu-west-1"
}

run "rotates_and_can_be_rescued" {
  command = plan

  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_key.this.rotation_period_in_days == 365
    error_message = "The key has to rotate once a year."
  }

  assert {
    condition     = aws_kms_key.this.deletion_window_in_days == 30
    error_message = "A deletion has to be reversible for 30 days."
  }

  assert {
    condition     = aws_kms_alias.this.name == "alias/acme-dev"
    error_message = "The alias has to carry the name."
  }
}

run "policy_names_who_may_use_the_key" {
  command = plan

  assert {
    condition     = [for s in data.aws_iam_policy_document.this.statement : s.sid] == ["AccountAdministration", "CloudWatchLogs", "EncryptedVolumes", "EncryptedVolumesGrant"]
    error_message = "The key policy has to hold these four statements and no other."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.this.statement[0].principals).identifiers == toset(["arn:aws:iam::111122223333:root"])
    error_message = "Only the root of this account administers the key."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.this.statement[1].principals).identifiers == toset(["logs.eu-west-1.amazonaws.com"])
    error_message = "CloudWatch Logs of the key's region has to be able to use the key."
  }

  assert {
    condition = alltrue([
      for s in data.aws_iam_policy_document.this.statement : length(s.condition) > 0
      if anytrue([for p in s.principals : contains(p.identifiers, "*")])
    ])
    error_message = "A statement for every principal needs a condition."
  }

  assert {
    condition = toset(flatten([for c in data.aws_iam_policy_document.this.statement[2].condition : c.values])) == toset([
      "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
      "arn:aws:iam::111122223333:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot",
    ])
    error_message = "Volumes may be opened by the two service-linked roles that start instances."
  }
}

run "hands_out_the_key" {
  command = apply

  assert {
    condition     = output.key_arn == "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
    error_message = "key_arn has to be the ARN of the key."
  }

  assert {
    condition     = output.key_id == "00000000-0000-0000-0000-000000000000"
    error_message = "key_id has to be the ID of the key."
  }
}

run "rejects_a_bad_name" {
  command = plan

  variables {
    name = "Acme--Dev"
  }

  expect_failures = [var.name]
}

run "rejects_a_zone_as_region" {
  command = plan

  variables {
    region = "eu-west-1a"
  }

  expect_failures = [var.region]
}

run "rejects_impossible_periods" {
  command = plan

  variables {
    rotation_period_days = 30
    deletion_window_days = 3
  }

  expect_failures = [var.rotation_period_days, var.deletion_window_days]
}

run "rejects_a_role_that_is_not_service_linked" {
  command = plan

  variables {
    launch_roles = ["admin"]
  }

  expect_failures = [var.launch_roles]
}
